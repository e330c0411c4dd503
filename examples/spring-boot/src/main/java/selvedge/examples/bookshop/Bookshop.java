package selvedge.examples.bookshop;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.cache.annotation.EnableCaching;

/** The program. Nothing in it but the configuration knows of Selvedge. */
@SpringBootApplication
@EnableCaching
public class Bookshop {
  public static void main(String[] arguments) {
    SpringApplication.run(Bookshop.class, arguments);
  }
}
