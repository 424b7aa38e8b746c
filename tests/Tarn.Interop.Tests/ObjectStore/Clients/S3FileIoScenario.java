import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.iceberg.aws.s3.S3FileIO;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.io.SeekableInputStream;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;

/** Iceberg's S3FileIO: what a writer and a reader of tables do with files. Arguments: endpoint, access key, secret. Prints 'done'. */
public class S3FileIoScenario {
  private static final String ROOT = "s3://iceberg/db/t";
  private static final int BIG = 12 * 1024 * 1024;

  public static void main(String[] args) throws Exception {
    Map<String, String> properties = new HashMap<String, String>();
    properties.put("s3.endpoint", args[0]);
    properties.put("s3.access-key-id", args[1]);
    properties.put("s3.secret-access-key", args[2]);
    properties.put("s3.path-style-access", "true");
    properties.put("client.region", "us-east-1");
    properties.put("s3.multipart.part-size-bytes", "5242880");
    properties.put("s3.multipart.threshold", "1.0");
    S3FileIO io = new S3FileIO();
    io.initialize(properties);
    io.client().createBucket((CreateBucketRequest) CreateBucketRequest.builder().bucket("iceberg").build());

    byte[] big = new byte[BIG];
    new Random(1).nextBytes(big);
    write(io, ROOT + "/metadata/v1.metadata.json", "{}".getBytes("UTF-8"));
    write(io, ROOT + "/data/empty", new byte[0]);
    write(io, ROOT + "/data/a b+c=é.parquet", big);
    check(Arrays.equals(big, read(io, ROOT + "/data/a b+c=é.parquet")), "the bytes of a multipart upload");
    check(io.newInputFile(ROOT + "/data/empty").getLength() == 0, "an empty file");

    InputFile file = io.newInputFile(ROOT + "/data/a b+c=é.parquet");
    check(file.getLength() == BIG, "its length");
    SeekableInputStream stream = file.newStream();
    stream.seek(BIG - 8);
    byte[] footer = new byte[8];
    check(stream.read(footer) == 8 && Arrays.equals(footer, Arrays.copyOfRange(big, BIG - 8, BIG)), "its last bytes");
    stream.seek(100);
    check(stream.read() == (big[100] & 0xff), "a byte before them");
    stream.close();
    check(!io.newInputFile(ROOT + "/data/none").exists(), "a file that is not there");

    List<String> found = new ArrayList<String>();
    for (Object info : io.listPrefix(ROOT + "/data/")) {
      found.add(((FileInfo) info).location());
    }
    check(found.size() == 2 && found.contains(ROOT + "/data/a b+c=é.parquet"), "the files of a folder: " + found);
    found.add(ROOT + "/data/none");
    io.deleteFiles(found);
    io.deleteFile(ROOT + "/data/none");
    check(!io.listPrefix(ROOT + "/data/").iterator().hasNext(), "a folder whose files were deleted");
    io.deletePrefix(ROOT + "/");
    check(!io.newInputFile(ROOT + "/metadata/v1.metadata.json").exists(), "a deleted prefix");
    io.close();
    System.out.println("done");
  }

  private static void write(S3FileIO io, String location, byte[] content) throws Exception {
    PositionOutputStream out = io.newOutputFile(location).createOrOverwrite();
    out.write(content);
    out.close();
  }

  private static byte[] read(S3FileIO io, String location) throws Exception {
    InputStream stream = io.newInputFile(location).newStream();
    try {
      return stream.readAllBytes();
    } finally {
      stream.close();
    }
  }

  private static void check(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException("wrong: " + what);
    }
  }
}
