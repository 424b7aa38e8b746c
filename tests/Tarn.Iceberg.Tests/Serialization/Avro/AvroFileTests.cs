using System.Text;
using Tarn.Core.Errors;
using Tarn.Iceberg.Serialization.Avro;
using Tarn.Iceberg.Tests.Serialization.Compression;
using Tarn.Testing;

namespace Tarn.Iceberg.Tests.Serialization.Avro;

public sealed class AvroFileTests
{
    private const string Schema =
        """{"type":"record","name":"row","fields":[{"name":"id","type":"long","field-id":1},{"name":"name","type":["null","string"],"default":null,"field-id":2}]}""";

    public static TheoryData<string> Codecs => [AvroCodec.Null, AvroCodec.Deflate, AvroCodec.Snappy, AvroCodec.Zstandard];

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Finish_ManyBlocks_ReadsBack(string codec)
    {
        var file = AvroFile.Open(Write(codec, 5000), "memory");
        Assert.True(file.Blocks.Count > 3);
        Assert.Equal(5000, file.Count);
        Assert.Equal("bar", file.MetadataText("foo"));
        var rows = file.ReadAll(AvroDecoder.Compile(file.Schema)).Cast<AvroDatum>().ToArray();
        Assert.Equal(Enumerable.Range(0, 5000).Select(i => (long)i), rows.Select(r => (long)r["id"]!));
        Assert.Equal("name 7", rows[7]["name"]);
        Assert.Null(rows[9]["name"]);
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void DecodeBlocks_InParallel_SeesEveryValueOnce(string codec)
    {
        var file = AvroFile.Open(Write(codec, 5000), "memory");
        var sums = new long[file.Blocks.Count];
        var decoder = AvroDecoder.Compile(file.Schema, new AvroProjection(new HashSet<int> { 1 }));
        file.DecodeBlocks(decoder.MinBytes, 4, (int block, ref AvroReader reader, int count) =>
        {
            for (int i = 0; i < count; i++)
                sums[block] += (long)((AvroDatum)decoder.Read(ref reader)!).Values[0]!;
        });
        Assert.Equal(5000L * 4999 / 2, sums.Sum());
    }

    [Theory]
    [MemberData(nameof(Codecs))]
    public void Open_Mutated_NeverFailsOtherwise(string codec) =>
        Mutations.Run(Write(codec, 200), 1500, bytes =>
        {
            var file = AvroFile.Open(bytes, "memory");
            foreach (object? row in file.ReadAll(AvroDecoder.Compile(file.Schema)))
                GC.KeepAlive(row);
        });

    [Theory]
    [InlineData("null")]
    [InlineData("deflate")]
    public void Finish_Container_PythonAvroAgrees(string codec)
    {
        if (!PythonTool.Has("avro.datafile"))
            return;
        string path = Path.GetTempFileName();
        File.WriteAllBytes(path, Write(codec, 3000));
        const string script =
            """
            import sys
            from avro.datafile import DataFileReader
            from avro.io import DatumReader
            rows = list(DataFileReader(open(sys.argv[1], 'rb'), DatumReader()))
            print(len(rows), sum(r['id'] for r in rows), rows[7]['name'], rows[9]['name'])
            """;
        Assert.Equal("3000 4498500 name 7 None", PythonTool.Run("avro.datafile", script, path).Trim());
        File.Delete(path);
    }

    [Fact]
    public void Open_Encrypted_SaysSo()
    {
        var error = Assert.Throws<TarnException>(() => AvroFile.Open("AGS1xxxxxxxx"u8.ToArray(), "s3://b/m.avro"));
        Assert.Contains("s3://b/m.avro is encrypted", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_NotAvro_NamesThePlace()
    {
        var error = Assert.Throws<TarnException>(() => AvroFile.Open("PAR1"u8.ToArray(), "s3://b/m.avro"));
        Assert.Equal(ErrorKind.DataCorrupted, error.Kind);
        Assert.Contains("s3://b/m.avro", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ReadAll_ChangedByteInBlock_IsFoundBySnappyChecksum()
    {
        var bytes = Write(AvroCodec.Snappy, 10);
        bytes[^18] ^= 1;
        var file = AvroFile.Open(bytes, "memory");
        Assert.Throws<TarnException>(() => file.ReadAll(AvroDecoder.Compile(file.Schema)).Count());
    }

    [Fact]
    public void ReadAll_EveryFixture_Decodes()
    {
        if (SharedFolder.TryGet("fixtures", "iceberg") is not { } folder)
            return;
        int files = 0;
        foreach (string path in Directory.EnumerateFiles(folder, "*.avro", SearchOption.AllDirectories))
        {
            // Encrypted, and declared fixed but written as bytes: both are told apart where manifests are read.
            if (path.Contains("encrypted", StringComparison.Ordinal) || path.Contains("part_identity_fixed", StringComparison.Ordinal))
                continue;
            var file = AvroFile.Open(File.ReadAllBytes(path), path);
            Assert.Equal(file.Count, file.ReadAll(AvroDecoder.Compile(file.Schema)).Count());
            Assert.Equal(file.Count, file.ReadAll(AvroDecoder.Compile(file.Schema, new AvroProjection(new HashSet<int>()))).Count());
            files++;
        }

        Console.WriteLine($"{files} Avro files of the fixtures decoded.");
        Assert.True(files > 1000);
    }

    private static byte[] Write(string codec, int rows)
    {
        var schema = (AvroRecord)AvroSchemaParser.Parse(Schema);
        var file = new AvroFileWriter(schema, codec, [KeyValuePair.Create("foo", "bar")], blockBytes: 10_000);
        for (int i = 0; i < rows; i++)
        {
            AvroDatumWriter.Write(file.Writer, schema, new AvroDatum(schema, [(long)i, i % 10 == 9 ? null : $"name {i}"]));
            file.EndValue();
        }

        return file.Finish();
    }
}
