"""The web application: pages and their drawing. Decisions live in the engine; a page draws them."""
