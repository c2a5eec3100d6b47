#if NET9_0_OR_GREATER
global using Lock = System.Threading.Lock;
#else
// The monitor of a plain object is what the lock statement uses where System.Threading.Lock does not exist.
global using Lock = System.Object;
#endif
