using System.Text;
using Tarn.Core.Errors;
using Tarn.Iceberg.Serialization.Avro;

namespace Tarn.Iceberg.Tests.Serialization.Avro;

public sealed class AvroSchemaTests
{
    [Fact]
    public void Parse_NamespacesAndReferences_Resolve()
    {
        var record = Assert.IsType<AvroRecord>(AvroSchemaParser.Parse(
            """
            {"type":"record","name":"a.b.R","fields":[
              {"name":"x","type":{"type":"fixed","name":"F","size":4}},
              {"name":"y","type":"F"},
              {"name":"z","type":["a.b.F","null"],"default":null,"field-id":7},
              {"name":"self","type":["null","R"]}]}
            """));
        Assert.Equal("a.b.R", record.FullName);
        Assert.Equal("a.b.F", Assert.IsType<AvroFixed>(record.Fields[0].Schema).FullName);
        Assert.Same(record.Fields[0].Schema, record.Fields[1].Schema);
        Assert.Same(record.Fields[0].Schema, Assert.IsType<AvroUnion>(record.Fields[2].Schema).NonNull);
        Assert.Equal(7, record.Fields[2].FieldId);
        Assert.Same(record, Assert.IsType<AvroUnion>(record.Fields[3].Schema).Branches[1]);
    }

    [Theory]
    [InlineData(1, "none", 0)]
    [InlineData(7, "none", 2)]
    [InlineData(9, "free", 3)]
    [InlineData(9, "one", -1)]
    [InlineData(9, "none", -1)]
    public void IndexOf_IdsAndNames_TakesTheIdAndElseANameWithoutId(int id, string name, int position)
    {
        var record = Assert.IsType<AvroRecord>(AvroSchemaParser.Parse(
            """
            {"type":"record","name":"r","fields":[
              {"name":"one","type":"int","field-id":1},
              {"name":"free","type":"int"},
              {"name":"seven","type":"int","field-id":7},
              {"name":"free","type":"long"},
              {"name":"again","type":"int","field-id":1}]}
            """));
        Assert.Equal(position, record.IndexOf(id, name));
    }

    [Fact]
    public void Parse_IcebergAttributes_AreAccessible()
    {
        var array = Assert.IsType<AvroArray>(AvroSchemaParser.Parse("""{"type":"array","items":"int","element-id":9,"logicalType":"map"}"""));
        Assert.Equal(9, array.ElementId);
        Assert.Equal("map", array.LogicalType);
        var map = Assert.IsType<AvroMap>(AvroSchemaParser.Parse("""{"type":"map","values":"int","key-id":10,"value-id":11}"""));
        Assert.Equal((10, 11), (map.KeyId!.Value, map.ValueId!.Value));
    }

    [Theory]
    [InlineData("""{"type":"record","name":"r","fields":[{"name":"a","type":{"type":"long","logicalType":"timestamp-micros","adjust-to-utc":true},"field-id":1}]}""")]
    [InlineData("""["null",{"type":"array","items":{"type":"record","name":"k1_v2","fields":[{"name":"key","type":"int","field-id":1},{"name":"value","type":"bytes","field-id":2}]},"logicalType":"map"}]""")]
    [InlineData("""{"type":"enum","name":"e","symbols":["A","B"]}""")]
    [InlineData("""{"type":"map","values":["string","null"]}""")]
    [InlineData("\"double\"")]
    public void ToJson_Parsed_IsTheSame(string json) =>
        Assert.Equal(json, Encoding.UTF8.GetString(AvroSchemaWriter.ToJson(AvroSchemaParser.Parse(json))));

    [Fact]
    public void ToJson_RepeatedType_IsWrittenOnce()
    {
        const string json = """{"type":"record","name":"r","fields":[{"name":"a","type":{"type":"fixed","name":"f","size":2}},{"name":"b","type":"f"},{"name":"c","type":["null","r"]}]}""";
        Assert.Equal(json, Encoding.UTF8.GetString(AvroSchemaWriter.ToJson(AvroSchemaParser.Parse(json))));
    }

    [Theory]
    [InlineData("{")]
    [InlineData("\"unknown\"")]
    [InlineData("12")]
    [InlineData("""{"type":"record","name":"r"}""")]
    [InlineData("""{"type":"fixed","name":"f","size":-1}""")]
    [InlineData("""{"type":"array"}""")]
    [InlineData("""[["null"]]""")]
    [InlineData("""{"type":"enum","name":"e","symbols":3}""")]
    [InlineData("""{"type":"record","name":3,"fields":[]}""")]
    public void Parse_Invalid_Refuses(string json) =>
        Assert.Equal(ErrorKind.DataCorrupted, Assert.Throws<TarnException>(() => AvroSchemaParser.Parse(json)).Kind);
}
