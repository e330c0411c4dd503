package selvedge.spring;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.springframework.core.serializer.DefaultDeserializer;
import org.springframework.core.serializer.DefaultSerializer;
import selvedge.model.Bytes;
import selvedge.model.Codec;
import selvedge.model.InvalidRequestException;

/**
 * Serializable objects as Java writes them. Safe for use by many threads.
 *
 * <p>Reads only what the programs that share the namespace have written: whoever may write there
 * may have any class on the class path made.
 */
public final class JavaCodec implements Codec<Object> {
  private final DefaultSerializer serializer = new DefaultSerializer();
  private final DefaultDeserializer deserializer;

  public JavaCodec(ClassLoader classes) {
    this.deserializer = new DefaultDeserializer(classes);
  }

  @Override
  public Bytes encode(Object value) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      serializer.serialize(value, bytes);
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidRequestException(
          value.getClass().getName()
              + " cannot be kept: it and all in it has to be Serializable, or a Codec<Object> bean"
              + " has to know it ("
              + e.getMessage()
              + ")");
    }
    return Bytes.adopt(bytes.toByteArray());
  }

  @Override
  public Object decode(Bytes bytes) {
    try {
      return deserializer.deserialize(new ByteArrayInputStream(bytes.toArray()));
    } catch (IOException | RuntimeException e) {
      throw new InvalidRequestException("the value cannot be read here: " + e.getMessage());
    }
  }
}
