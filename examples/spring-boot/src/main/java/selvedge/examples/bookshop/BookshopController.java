package selvedge.examples.bookshop;

import jakarta.servlet.http.HttpSession;
import java.util.ArrayList;
import java.util.List;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** The pages of the shop: books, and a basket in the session, which all machines share. */
@RestController
public class BookshopController {
  private static final String BASKET = "basket";

  private final Catalogue catalogue;

  public BookshopController(Catalogue catalogue) {
    this.catalogue = catalogue;
  }

  @GetMapping("/books/{isbn}")
  public Book book(@PathVariable("isbn") String isbn) {
    Book book = catalogue.find(isbn);
    if (book == null) {
      throw new ResponseStatusException(HttpStatus.NOT_FOUND, "no book with the ISBN " + isbn);
    }
    return book;
  }

  /** Needs neither the catalogue nor the session. */
  @GetMapping("/hours")
  public String hours() {
    return "9 to 18";
  }

  @GetMapping("/basket")
  public List<String> basket(HttpSession session) {
    return session.getAttribute(BASKET) instanceof List<?> list
        ? list.stream().map(Object::toString).toList()
        : List.of();
  }

  @PostMapping("/basket/{isbn}")
  public List<String> add(@PathVariable("isbn") String isbn, HttpSession session) {
    List<String> basket = new ArrayList<>(basket(session));
    basket.add(book(isbn).title());
    session.setAttribute(BASKET, basket);
    return basket;
  }

  @DeleteMapping("/basket")
  public void leave(HttpSession session) {
    session.invalidate();
  }
}
