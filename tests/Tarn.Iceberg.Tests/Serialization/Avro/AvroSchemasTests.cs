using System.Text;
using Tarn.Core.Errors;
using Tarn.Iceberg.Serialization.Avro;

namespace Tarn.Iceberg.Tests.Serialization.Avro;

public sealed class AvroSchemasTests
{
    private readonly AvroSchemas _schemas = new();

    [Fact]
    public void Read_TheSameText_GivesTheSameSchema()
    {
        var first = _schemas.Read(Record("a"));

        Assert.Same(first, _schemas.Read(Record("a")));
        Assert.NotSame(first, _schemas.Read(Record("b")));
        Assert.Equal("b", Assert.IsType<AvroRecord>(_schemas.Read(Record("b"))).Fields[0].Name);
    }

    [Fact]
    public void Read_ManySchemas_KeepsNoMoreThanTheLimit()
    {
        for (int i = 0; i < 3 * AvroSchemas.MaxSchemas; i++)
        {
            Assert.Equal($"f{i}", Assert.IsType<AvroRecord>(_schemas.Read(Record($"f{i}"))).Fields[0].Name);
            Assert.InRange(_schemas.Count, 1, AvroSchemas.MaxSchemas);
        }
    }

    [Fact]
    public void Read_ALongSchema_IsNotKept()
    {
        string name = new('x', AvroSchemas.MaxSchemaBytes);

        Assert.Equal(name, Assert.IsType<AvroRecord>(_schemas.Read(Record(name))).Fields[0].Name);
        Assert.Equal(0, _schemas.Count);
    }

    [Fact]
    public void Read_NoSchema_IsRefusedEachTime()
    {
        for (int i = 0; i < 2; i++)
            Assert.Equal(ErrorKind.DataCorrupted, Assert.Throws<TarnException>(() => _schemas.Read("{\"type\":\"record\"}"u8.ToArray())).Kind);
        Assert.Equal(0, _schemas.Count);
    }

    private static byte[] Record(string field) => Encoding.UTF8.GetBytes($$"""{"type":"record","name":"r","fields":[{"name":"{{field}}","type":"int"}]}""");
}
