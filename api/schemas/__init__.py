"""What goes over the wire: the shapes of requests and answers, refused where they do not fit."""
