using System.Text;
using System.Text.Json;
using Tarn.Core.Errors;
using Tarn.Core.Values;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Serialization.SingleValue;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Tests.Serialization.SingleValue;

public sealed class JsonSingleValueTests
{
    public static TheoryData<string, string, object> Vectors() => new()
    {
        { "boolean", "true", true },
        { "int", "34", 34 },
        { "long", "34", 34L },
        { "float", "1.0", 1f },
        { "double", "1.0", 1d },
        { "double", "\"NaN\"", double.NaN },
        { "decimal(4, 2)", "\"14.20\"", new Decimal38(1420, 2) },
        { "date", "\"2017-11-16\"", 17486 },
        { "date", "\"0011-03-05\"", -715447 },
        { "date", "\"-0001-12-31\"", -719529 },
        { "date", "\"+10000-01-01\"", 2932897 },
        { "time", "\"22:31:08.123456\"", 81068123456L },
        { "timestamp", "\"2017-11-16T22:31:08.123456\"", 1510871468123456L },
        { "timestamptz", "\"2017-11-16T22:31:08.123456+00:00\"", 1510871468123456L },
        { "timestamp_ns", "\"2017-11-16T22:31:08.123456789\"", 1510871468123456789L },
        { "timestamptz_ns", "\"2017-11-16T22:31:08.123456789+00:00\"", 1510871468123456789L },
        { "timestamp", "\"1969-12-31T23:59:59.999999\"", -1L },
        { "string", "\"iceberg\"", "iceberg" },
        { "uuid", "\"f79c3e09-677c-4bbd-a479-3f349cb785e7\"", Guid.Parse("f79c3e09-677c-4bbd-a479-3f349cb785e7") },
        { "fixed[4]", "\"000102ff\"", new byte[] { 0, 1, 2, 255 } },
        { "binary", "\"000102ff\"", new byte[] { 0, 1, 2, 255 } },
    };

    [Theory]
    [MemberData(nameof(Vectors))]
    public void ReadAndWrite_VectorsOfSpecification_Agree(string type, string json, object value)
    {
        Assert.True(TypeText.TryParse(type, out var parsed));
        Assert.True(LiteralValue.AreEqual(value, Read(parsed, json)), $"{Read(parsed, json)}");
        Assert.Equal(json, Write(parsed, value));
    }

    [Fact]
    public void ReadAndWrite_NestedValues_UseIdsKeysAndValues()
    {
        var type = new StructType([new NestedField(1, "a", false, SimpleType.Int), new NestedField(2, "b", false, SimpleType.String)]);
        Assert.Equal("""{"1":1,"2":"bar"}""", Write(type, new object?[] { 1, "bar" }));
        Assert.Equal([null, "x"], (object?[])Read(type, """{"2":"x"}""")!);
        Assert.Equal("{}", Write(type, new object?[] { null, null }));
        Assert.Equal("[1,2,3]", Write(ListType.Of(1, SimpleType.Int), new object?[] { 1, 2, 3 }));
        var map = MapType.Of(1, SimpleType.String, 2, SimpleType.Int);
        Assert.Equal("""{"keys":["a","b"],"values":[1,2]}""", Write(map, new object?[] { new object?[] { "a", 1 }, new object?[] { "b", 2 } }));
        Assert.Equal(2, ((object?[])Read(map, """{"keys":["a","b"],"values":[1,2]}""")!).Length);
    }

    [Theory]
    [InlineData("int", "2147483648")]
    [InlineData("int", "1.5")]
    [InlineData("int", "\"1\"")]
    [InlineData("boolean", "1")]
    [InlineData("decimal(4, 2)", "\"142.201\"")]
    [InlineData("decimal(4, 2)", "\"100.00\"")]
    [InlineData("decimal(4, 2)", "14.20")]
    [InlineData("date", "\"2017-02-29\"")]
    [InlineData("date", "\"2017-1-1\"")]
    [InlineData("time", "\"24:00:00\"")]
    [InlineData("timestamp", "\"2017-11-16T22:31:08+00:00\"")]
    [InlineData("timestamptz", "\"2017-11-16T22:31:08\"")]
    [InlineData("timestamptz", "\"2017-11-16T22:31:08+02:00\"")]
    [InlineData("timestamp_ns", "\"9999-01-01T00:00:00\"")]
    [InlineData("uuid", "\"f79c3e09677c4bbda4793f349cb785e7\"")]
    [InlineData("fixed[4]", "\"0001\"")]
    [InlineData("binary", "\"0\"")]
    [InlineData("unknown", "1")]
    [InlineData("variant", "1")]
    public void Read_ValueThatDoesNotFit_NamesDocumentAndValue(string type, string json)
    {
        Assert.True(TypeText.TryParse(type, out var parsed));
        var error = Assert.Throws<TarnException>(() => Read(parsed, json));
        Assert.StartsWith("doc", error.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorKind.DataCorrupted, error.Kind);
    }

    [Theory]
    [InlineData("decimal(9,2)", "decimal(9, 2)")]
    [InlineData("DECIMAL( 9 , 2 )", "decimal(9, 2)")]
    [InlineData("fixed[ 16 ]", "fixed[16]")]
    [InlineData("Timestamp_NS", "timestamp_ns")]
    [InlineData("geometry", "geometry")]
    [InlineData("geometry( srid:3857 )", "geometry(srid:3857)")]
    [InlineData("geometry(OGC:CRS84)", "geometry")]
    [InlineData("geography(srid:4269, karney)", "geography(srid:4269, karney)")]
    [InlineData("geography(OGC:CRS84, karney)", "geography(OGC:CRS84, karney)")]
    [InlineData("geography(OGC:CRS84, spherical)", "geography")]
    public void TypeText_Variants_AreCanonical(string text, string canonical)
    {
        Assert.True(TypeText.TryParse(text, out var type));
        Assert.Equal(canonical, type.ToString());
        Assert.True(TypeText.TryParse(canonical, out var again));
        Assert.Equal(type, again);
    }

    [Theory]
    [InlineData("integer")]
    [InlineData("decimal(39, 2)")]
    [InlineData("decimal(9, 10)")]
    [InlineData("decimal(9)")]
    [InlineData("fixed[0]")]
    [InlineData("fixed(4)")]
    [InlineData("fixed[4")]
    [InlineData("geography(a, flat)")]
    [InlineData("")]
    public void TypeText_Wrong_IsNotParsed(string text) => Assert.False(TypeText.TryParse(text, out _));

    private static object? Read(IcebergType type, string json)
    {
        using var document = JsonDocument.Parse(json);
        return JsonSingleValue.Read(type, document.RootElement, "doc");
    }

    private static string Write(IcebergType type, object? value) => Encoding.UTF8.GetString(JsonText.Write(w => JsonSingleValue.Write(w, type, value)));
}
