package selvedge.spring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.autoconfigure.OverrideAutoConfiguration;
import org.springframework.boot.test.context.filter.annotation.TypeExcludeFilters;
import org.springframework.context.annotation.ComponentScan.Filter;
import org.springframework.core.annotation.AliasFor;
import org.springframework.test.context.BootstrapWith;
import org.springframework.test.context.junit.jupiter.SpringExtension;

/**
 * A test slice for the store and the caches of a program: on the fake, without a web server, and
 * without components except those that it includes.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@BootstrapWith(SelvedgeTestBootstrapper.class)
@ExtendWith(SpringExtension.class)
@OverrideAutoConfiguration(enabled = false)
@TypeExcludeFilters(SelvedgeTestFilter.class)
@AutoConfigureSelvedge
public @interface SelvedgeTest {

  /** Properties of the test, such as {@code selvedge.cache.time-to-live=1m}. */
  String[] properties() default {};

  /** The components of the program to include. */
  Filter[] includeFilters() default {};

  /** The components of the program to leave out. */
  Filter[] excludeFilters() default {};

  /** Whether to include the default components of the slice, which has none. */
  boolean useDefaultFilters() default true;

  /** Auto-configurations to leave out. */
  @AliasFor(
      annotation = org.springframework.boot.autoconfigure.ImportAutoConfiguration.class,
      attribute = "exclude")
  Class<?>[] excludeAutoConfiguration() default {};
}
