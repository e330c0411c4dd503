package selvedge.examples.bookshop;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cache.annotation.EnableCaching;

/** The application. Only its configuration refers to Selvedge. */
@SpringBootApplication
@EnableCaching
public class Bookshop {
  public static void main(String[] arguments) {
    SpringApplication.run(Bookshop.class, arguments);
  }
}
