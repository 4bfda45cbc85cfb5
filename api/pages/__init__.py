"""The pages that people see: rendered here, without a build step, and whole without JavaScript.

A new page, in five lines:

1. Router: ``api/pages/NAME.py`` with ``router = APIRouter(include_in_schema=False)``, listed in
   `api.pages.routers`; an entry in `api.pages.navigation` if the menu shall lead to it.
2. Gate: every route takes ``frame: Annotated[Frame, shown_to("coordinator", ...)]``; who is not
   logged in is sent to log in, who has another role sees why not, forged forms are refused.
3. Template: ``api/templates/NAME.html`` extends ``page.html`` and imports ``components.html`` as
   ``ui``; ``return frame.page("NAME.html", ...)``, or ``frame.part(...)`` for what htmx swaps in.
   A form is ``{% call ui.form("/address") %}``; its route takes ``form: FormDep`` and ends with
   ``return form.run(work, action="...", subject="...")`` where ``work`` returns a `Done`.
4. Words: ``_("...")`` and ``many(...)`` in templates, ``frame.w.t("...")`` in Python; Swedish in
   ``api/locale/sv/LC_MESSAGES/NAME.po``, a catalogue of its own for each family of pages.
5. Tests: ``tests/api/pages/test_NAME.py`` with the fixtures ``enter`` (a client logged in by
   role), ``live`` and ``tab`` (a real server, a real browser); gates are walked without being told.

Pages look things up in `api.queries` and act through `logistics.operations`; they never import
`api.routes`.
"""
