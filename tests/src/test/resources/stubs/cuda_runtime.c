/* libcudart: one GPU; compiled with its VERSION, and with what FAILS. */
int cudaGetDeviceCount(int *count) { *count = 1; return FAILS; }
int cudaRuntimeGetVersion(int *version) { *version = VERSION; return 0; }
int cudaDeviceGetAttribute(int *value, int attribute, int device) { *value = attribute == 75 ? 7 : 5; return 0; }
const char *cudaGetErrorString(int error) { return "stub"; }
