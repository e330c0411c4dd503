/** Caches, sessions, settings, flags, limiters, locks, events and more on a namespace. */
module selvedge.patterns {
  requires static transitive org.jspecify;
  requires transitive selvedge.model;

  exports selvedge.patterns;
}
