using Tarn.Catalog.Hive.Conversion;
using Tarn.Catalog.Hive.Protocol;
using Tarn.Catalog.Tests.Hive.Thrift;
using Tarn.Catalog.Hive.Thrift;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Catalog.Tests.Hive.Conversion;

public sealed class HivePropertiesTests
{
    [Fact]
    public void ToTable_OfWhatWasStored_IsTheSameTable()
    {
        var table = new HiveTable
        {
            TableName = "t",
            DatabaseName = "d",
            Owner = "ada",
            CreateTime = 7,
            LastAccessTime = 8,
            Retention = int.MaxValue,
            PartitionKeys = [new FieldSchema("day", "date", "when")],
            Parameters = new Dictionary<string, string> { ["skip.header.line.count"] = "1", ["ü"] = "" },
            ViewOriginalText = "/* view */",
            ViewExpandedText = "x",
            TableType = HiveTable.VirtualView,
            IsRewriteEnabled = true,
            OwnerType = 2,
            Storage = new StorageDescriptor
            {
                Columns = [new FieldSchema("id", "bigint"), new FieldSchema("name", "varchar(25)", "")],
                Location = "s3://lake/x",
                InputFormat = "in",
                OutputFormat = "out",
                IsCompressed = true,
                NumBuckets = 4,
                BucketColumns = ["id"],
                Parameters = new Dictionary<string, string> { ["a"] = "b" },
                SerDe = new SerDe { Name = "t", SerializationLib = "lib", Parameters = new Dictionary<string, string> { ["field.delim"] = "," } },
            },
        };
        Assert.Equal(Bytes(table.ToThrift()), Bytes(HiveProperties.ToTable(HiveProperties.Of(table), "d", "t").ToThrift()));
        Assert.Equal(Bytes(table.ToThrift()), Bytes(HiveTable.Read(table.ToThrift()).ToThrift()));
    }

    [Theory]
    [InlineData("day=2026-01-01/hour=3", "2026-01-01", "3")]
    [InlineData("day=a%2Fb%3D%25/hour=__HIVE_DEFAULT_PARTITION__", "a/b=%", "")]
    public void PartitionNames_OfValues_EscapeWhatAPathCannotHold(string name, string first, string second)
    {
        FieldSchema[] keys = [new("Day", "string"), new("hour", "int")];
        Assert.Equal(name, PartitionNames.Of(keys, [first, second]));
        Assert.Equal(first, PartitionNames.Split(name).First().Value);
        Assert.Throws<HiveFault>(() => PartitionNames.Of(keys, [first]));
    }

    [Fact]
    public void Columns_OfEveryType_AreTypesOfHive()
    {
        IcebergType[] types = [.. SimpleType.All, new DecimalType(10, 2), new FixedType(4), new GeometryType(), ListType.Of(90, SimpleType.Long), MapType.Of(91, SimpleType.String, 92, new StructType([new NestedField(93, "x", false, SimpleType.Date)]))];
        var columns = HiveTypes.Columns(new Schema(0, [.. types.Select((t, i) => new NestedField(i + 1, $"c{i}", false, t))]));
        Assert.All(columns, c => Assert.True(HiveTypes.IsValid(c.Type), c.Type));
        Assert.Equal(["decimal(10,2)", "binary", "binary", "array<bigint>", "map<string,struct<x:date>>"], columns.TakeLast(5).Select(c => c.Type));
        Assert.False(HiveTypes.IsValid("BIGINT"));
        Assert.False(HiveTypes.IsValid("nonsense"));
    }

    private static byte[] Bytes(ThriftStruct value) => ThriftCodecTests.Encode(new ThriftMessage(ThriftMessageKind.Reply, "x", 0, true, value));
}
