package selvedge.server.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.util.concurrent.TimeUnit;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.server.fairness.Owner;

/** Builds the pipeline of a connection for HTTP/1.1 or HTTP/2. */
final class Protocols {
  private static final int STREAMS_MAX = 256;
  private static final int WINDOW_BYTES = 256 * 1024;

  /** Acknowledgements that a client does not read; more of them end the connection. */
  private static final int CONTROL_FRAMES_MAX = 1000;

  private final ServerContext shared;

  Protocols(ServerContext shared) {
    this.shared = shared;
  }

  Limits limits() {
    return shared.limits();
  }

  void http1(ChannelPipeline pipeline) {
    var handler = new ConnectionHandler(shared, false);
    pipeline.addLast(new Http1Decoder(shared.limits(), handler));
    pipeline.addLast(new HttpResponseEncoder());
    pipeline.addLast(handler);
  }

  void http2(ChannelPipeline pipeline) {
    Owner owner = Owner.address(pipeline.channel().remoteAddress());
    Http2Settings settings =
        Http2Settings.defaultSettings()
            .maxConcurrentStreams(STREAMS_MAX)
            .initialWindowSize(WINDOW_BYTES)
            .maxHeaderListSize(
                shared.limits().get(Limit.HEADER_BYTES)
                    + shared.limits().get(Limit.REQUEST_LINE_BYTES));
    pipeline.addLast(
        new IdleStateHandler(0, 0, shared.limits().get(Limit.IDLE_SECONDS), TimeUnit.SECONDS));
    pipeline.addLast(new UnfinishedFrames(shared.limits()));
    pipeline.addLast(
        Http2FrameCodecBuilder.forServer()
            .initialSettings(settings)
            .encoderEnforceMaxQueuedControlFrames(CONTROL_FRAMES_MAX)
            .gracefulShutdownTimeoutMillis(shared.limits().seconds(Limit.DRAIN_SECONDS).toMillis())
            .build());
    pipeline.addLast(
        new Http2MultiplexHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel stream) {
                stream.pipeline().addLast(new PseudoFields());
                stream.pipeline().addLast(new Http2StreamFrameToHttpObjectCodec(true));
                stream.pipeline().addLast(new StreamLimits(shared, owner));
                stream.pipeline().addLast(new ConnectionHandler(shared, true));
              }
            }));
    pipeline.addLast(new IdleCloser());
  }

  /** Closes an HTTP/2 connection that has been idle for too long. */
  private static final class IdleCloser extends ChannelInboundHandlerAdapter {
    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof IdleStateEvent) {
        context.close();
      }
    }

    /**
     * Closes the connection, except after an error of HTTP/2: then the codec closes it with a
     * GOAWAY that has the error.
     */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) == null) {
        context.close();
      }
    }
  }
}
