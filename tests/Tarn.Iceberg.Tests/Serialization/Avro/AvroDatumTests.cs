using FsCheck;
using FsCheck.Fluent;
using Tarn.Core.Errors;
using Tarn.Iceberg.Serialization.Avro;

namespace Tarn.Iceberg.Tests.Serialization.Avro;

public sealed class AvroDatumTests
{
    private const string Everything =
        """
        {"type":"record","name":"All","fields":[
          {"name":"b","type":"boolean","field-id":1},{"name":"i","type":"int","field-id":2},{"name":"l","type":"long","field-id":3},
          {"name":"f","type":"float","field-id":4},{"name":"d","type":"double","field-id":5},{"name":"s","type":"string","field-id":6},
          {"name":"y","type":"bytes","field-id":7},{"name":"x","type":{"type":"fixed","name":"X","size":3},"field-id":8},
          {"name":"e","type":{"type":"enum","name":"E","symbols":["P","Q"]},"field-id":9},
          {"name":"a","type":{"type":"array","items":["null","long"]},"field-id":10},
          {"name":"m","type":{"type":"map","values":"string"},"field-id":11},
          {"name":"r","type":["null",{"type":"record","name":"Inner","fields":[{"name":"p","type":"int","field-id":13},{"name":"q","type":"string","field-id":14}]}],"field-id":12},
          {"name":"self","type":["All","null"],"field-id":15}]}
        """;

    [Theory]
    [InlineData(0L, "00")]
    [InlineData(-1L, "01")]
    [InlineData(1L, "02")]
    [InlineData(-64L, "7F")]
    [InlineData(64L, "8001")]
    [InlineData(long.MaxValue, "FEFFFFFFFFFFFFFFFF01")]
    [InlineData(long.MinValue, "FFFFFFFFFFFFFFFFFF01")]
    public void Long_OfSpecification_HasItsBytes(long value, string hex)
    {
        var writer = new AvroWriter();
        writer.WriteLong(value);
        Assert.Equal(hex, Convert.ToHexString(writer.Written));
        Assert.Equal(value, new AvroReader(writer.Written).ReadLong());
    }

    [Fact]
    public void Record_OfSpecification_HasItsBytes()
    {
        var schema = AvroSchemaParser.Parse("""{"type":"record","name":"test","fields":[{"name":"a","type":"long"},{"name":"b","type":"string"}]}""");
        var writer = new AvroWriter();
        AvroDatumWriter.Write(writer, schema, new AvroDatum((AvroRecord)schema, [27L, "foo"]));
        Assert.Equal("3606666F6F", Convert.ToHexString(writer.Written));
    }

    [Fact]
    public void Array_WithBlockSizes_IsReadAndSkipped()
    {
        var schema = AvroSchemaParser.Parse("""{"type":"array","items":"long"}""");
        byte[] bytes = [0x03, 0x04, 0x06, 0x36, 0x02, 0x02, 0x00];
        var reader = new AvroReader(bytes);
        Assert.Equal([3L, 27L, 1L], Assert.IsType<object?[]>(AvroDecoder.Compile(schema).Read(ref reader)));
        reader = new AvroReader(bytes);
        AvroDecoder.Compile(schema).Skip(ref reader);
        Assert.Equal(0, reader.Remaining);
    }

    [Fact]
    public void Read_AnyValue_RoundTripsAndSkips() => Prop
        .ForAll<int>(seed =>
        {
            var record = (AvroRecord)AvroSchemaParser.Parse(Everything);
            var datum = Make(record, new Random(seed), 0);
            var writer = new AvroWriter();
            AvroDatumWriter.Write(writer, record, datum);
            var reader = new AvroReader(writer.Written);
            Assert.Equivalent(datum.Values, ((AvroDatum)AvroDecoder.Compile(record).Read(ref reader)!).Values);
            Assert.Equal(0, reader.Remaining);
            reader = new AvroReader(writer.Written);
            AvroDecoder.Compile(record).Skip(ref reader);
            return reader.Remaining == 0;
        })
        .QuickCheckThrowOnFailure();

    [Fact]
    public void Read_Projected_KeepsOnlyNamedFields()
    {
        var record = (AvroRecord)AvroSchemaParser.Parse(Everything);
        var datum = Make(record, new Random(5), 2);
        datum.Values[11] = new AvroDatum((AvroRecord)((AvroUnion)record.Fields[11].Schema).NonNull!, [4, "four"]);
        datum.Values[12] = null;
        var writer = new AvroWriter();
        AvroDatumWriter.Write(writer, record, datum);
        var decoder = AvroDecoder.Compile(record, new AvroProjection(new HashSet<int> { 3, 14 }));
        var reader = new AvroReader(writer.Written);
        var read = Assert.IsType<AvroDatum>(decoder.Read(ref reader));
        Assert.Equal(0, reader.Remaining);
        Assert.Equal(["l", "r", "self"], read.Schema.Fields.Select(f => f.Name));
        Assert.Equal(datum["l"], read["l"]);
        var inner = Assert.IsType<AvroDatum>(read.Find(12, "r"));
        Assert.Equal(["q"], inner.Schema.Fields.Select(f => f.Name));
        Assert.Equal("four", inner["q"]);
    }

    [Fact]
    public void Read_EndlessRecursion_Refuses()
    {
        var schema = AvroSchemaParser.Parse("""{"type":"record","name":"R","fields":[{"name":"r","type":["R","null"]}]}""");
        var error = Assert.Throws<TarnException>(() =>
        {
            var reader = new AvroReader(new byte[10_000]);
            AvroDecoder.Compile(schema).Read(ref reader);
        });
        Assert.Equal(ErrorKind.DataCorrupted, error.Kind);
    }

    [Fact]
    public void Read_EndlessEmptyItems_Refuses()
    {
        var schema = AvroSchemaParser.Parse("""{"type":"array","items":"null"}""");
        var writer = new AvroWriter();
        writer.WriteLong(long.MaxValue);
        var bytes = writer.Written.ToArray();
        Assert.Throws<TarnException>(() =>
        {
            var reader = new AvroReader(bytes);
            AvroDecoder.Compile(schema).Skip(ref reader);
        });
    }

    internal static AvroDatum Make(AvroRecord record, Random random, int depth)
    {
        var inner = (AvroRecord)((AvroUnion)record.Fields[11].Schema).NonNull!;
        return new AvroDatum(
            record,
            [
                random.Next(2) == 0, random.Next(int.MinValue, int.MaxValue), random.NextInt64(long.MinValue, long.MaxValue),
                (float)random.NextDouble(), random.NextDouble(), new string('ü', random.Next(5)), Bytes(random.Next(5)), Bytes(3),
                random.Next(2) == 0 ? "P" : "Q",
                Enumerable.Range(0, random.Next(4)).Select(i => i % 2 == 0 ? (object?)random.NextInt64() : null).ToArray(),
                Enumerable.Range(0, random.Next(4)).Select(i => KeyValuePair.Create($"k{i}", (object?)$"v{random.Next()}")).ToArray(),
                random.Next(2) == 0 ? null : new AvroDatum(inner, [random.Next(), "q"]),
                depth > 1 || random.Next(2) == 0 ? null : Make(record, random, depth + 1),
            ]);

        byte[] Bytes(int count)
        {
            var bytes = new byte[count];
            random.NextBytes(bytes);
            return bytes;
        }
    }
}
