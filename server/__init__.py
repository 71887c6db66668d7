"""The web and the command line: the only room that knows Flask, folium and the environment."""
