package selvedge.spring.test;

import org.springframework.boot.test.autoconfigure.TestSliceTestContextBootstrapper;

/** Reads the properties of {@link SelvedgeTest}. */
final class SelvedgeTestBootstrapper extends TestSliceTestContextBootstrapper<SelvedgeTest> {}
