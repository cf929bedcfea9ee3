// An image whose PDB names a function that it does not export.
__attribute__((noinline, used)) static int hidden_function(int number) { return number * number + 7; }
__declspec(dllexport) int exported_function(int number) { return hidden_function(number) + 1; }
