/* What the benchmark programs need of a C library where there is none: the host gives these functions to the module. */
int atoi(const char *text);
