/**
 * What only a Java kernel needs: proxies, libraries, the compiled helpers, imports and hints. It is compiled before any library is
 * there, and no other room knows it.
 */
package tutorial.kernel;
