"""The cost report: tables once, then shown as page, paper, spreadsheet and text."""
