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
 * Encodes objects by Java serialization. Safe for use by many threads.
 *
 * <p>It must only read values of trusted programs: a writer to the namespace can create an object
 * of any class on the class path.
 */
public final class JavaCodec implements Codec<Object> {
  private final DefaultSerializer serializer = new DefaultSerializer();
  private final DefaultDeserializer deserializer;

  /**
   * Creates a codec.
   *
   * @param classes loads the classes of the objects that are decoded
   */
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
      throw new InvalidRequestException("the value cannot be deserialized: " + e.getMessage());
    }
  }
}
