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

  /**
   * Returns properties of the test.
   *
   * @return properties such as {@code selvedge.cache.time-to-live=1m}
   */
  String[] properties() default {};

  /**
   * Returns the components of the program to include.
   *
   * @return filters of components
   */
  Filter[] includeFilters() default {};

  /**
   * Returns the components of the program to leave out.
   *
   * @return filters of components
   */
  Filter[] excludeFilters() default {};

  /**
   * Returns whether to include the default components of the slice, which has none.
   *
   * @return true by default, which has no effect
   */
  boolean useDefaultFilters() default true;

  /**
   * Returns auto-configurations to leave out.
   *
   * @return classes of auto-configurations
   */
  @AliasFor(
      annotation = org.springframework.boot.autoconfigure.ImportAutoConfiguration.class,
      attribute = "exclude")
  Class<?>[] excludeAutoConfiguration() default {};
}
