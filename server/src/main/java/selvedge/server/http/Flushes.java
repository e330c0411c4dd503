package selvedge.server.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;

/**
 * Connections with answers that are to leave once all that has arrived is answered. Belongs to one
 * event loop.
 *
 * <p>A client that is woken by its first answer then finds the others there too, and need not be
 * woken again for each.
 */
final class Flushes {
  private List<ChannelHandlerContext> gathered = new ArrayList<>();

  void add(ChannelHandlerContext context, EventExecutor loop) {
    gathered.add(context);
    if (gathered.size() == 1) {
      loop.execute(this::flush);
    }
  }

  private void flush() {
    List<ChannelHandlerContext> together = gathered;
    gathered = new ArrayList<>();
    together.forEach(ChannelHandlerContext::flush);
  }
}
