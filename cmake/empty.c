// Lets a library whose list of sources is still empty be built.
typedef int nuthatch_empty;
