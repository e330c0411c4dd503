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
 * A test of what a program does with its store and its caches, and of nothing else of it: on the
 * fake, without web server and components, but for those that it includes.
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

  /** Which components of the program are there. */
  Filter[] includeFilters() default {};

  /** Which components of the program are not there. */
  Filter[] excludeFilters() default {};

  /** Whether the components that a slice usually has are there: none. */
  boolean useDefaultFilters() default true;

  /** Auto-configurations to leave out. */
  @AliasFor(
      annotation = org.springframework.boot.autoconfigure.ImportAutoConfiguration.class,
      attribute = "exclude")
  Class<?>[] excludeAutoConfiguration() default {};
}
