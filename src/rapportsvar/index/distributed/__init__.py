"""Reading and embedding on other processors and machines, by Dask (extra ``distributed``)."""
