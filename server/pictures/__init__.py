"""Maps drawn by the server, as SVG and PNG: for print, for papers, and where no script runs.

A picture is first composed as a scene of plain shapes and texts, which is then written twice. The
SVG is our own, since the service's content security policy leaves no room for the style
attributes that matplotlib writes; the PNG is matplotlib's.
"""
