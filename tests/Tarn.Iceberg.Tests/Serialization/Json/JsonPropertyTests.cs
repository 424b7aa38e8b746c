using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Tarn.Core.Errors;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Serialization.SingleValue;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Tests.Transactions;
using Tarn.Testing;

namespace Tarn.Iceberg.Tests.Serialization.Json;

public sealed class JsonPropertyTests
{
    [Fact]
    public void Schema_RoundTrip_IsEqual() => Prop.ForAll(RandomSchema.Schemas.ToArbitrary(), schema =>
    {
        var read = SchemaJson.Read(SchemaJson.Write(schema), "random");
        Assert.True(read.SameSchema(schema), read.ToString());
        Assert.Equal((schema.SchemaId, SchemaJson.Write(schema)), (read.SchemaId, SchemaJson.Write(read)), (a, b) => a.SchemaId == b.SchemaId && a.Item2.AsSpan().SequenceEqual(b.Item2));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(Soak.Rounds(300, 20_000)));

    [Fact]
    public void SingleValue_RoundTrip_IsEqual() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        foreach (var field in RandomSchema.Of(random).FieldsById.Values)
        {
            object? value = RandomSchema.Value(random, field.Type);
            using var json = JsonDocument.Parse(JsonText.Write(w => JsonSingleValue.Write(w, field.Type, value)));
            object? read = JsonSingleValue.Read(field.Type, json.RootElement, "random");
            Assert.True(LiteralValue.AreEqual(value, read), $"{field.Type}: {json.RootElement.GetRawText()}");
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(Soak.Rounds(300, 20_000)));

    [Fact]
    public void TableMetadata_RoundTrip_IsEqual() => Prop.ForAll(RandomSchema.Schemas.ToArbitrary(), schema =>
    {
        for (int version = 1; version <= 3; version++)
        {
            var metadata = TableMetadataBuilderTests.Append(TestTable.New(version), 1) with { Schemas = [new Schema(0, schema.Fields, schema.IdentifierFieldIds)] };
            byte[] written = TableMetadataJson.Write(metadata);
            Assert.Equal(written, TableMetadataJson.Write(TableMetadataJson.Read(written, "random")));
        }
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(Soak.Rounds(100, 5_000)));

    [Fact]
    public void Read_DamagedMetadata_NeverThrowsAnythingElse()
    {
        if (SharedFolder.TryGet("fixtures", "iceberg", "foreign", "apache-iceberg", "metadata", "TableMetadataV2Valid.json") is not { } file)
            return;
        byte[] good = File.ReadAllBytes(file);
        byte[] zipped = MetadataCompression.Gzip(good);
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
        {
            var random = new Random(seed);
            byte[] bad = (byte[])(random.Next(4) == 0 ? zipped : good).Clone();
            for (int i = random.Next(1, 4); i > 0; i--)
                bad[random.Next(bad.Length)] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)"{}[]\",:0-truefalsenull\\u"[random.Next(24)];
            bad = random.Next(4) == 0 ? bad[..random.Next(bad.Length)] : bad;
            try
            {
                TableMetadataJson.Read(bad, "s3://lake/bad.json");
            }
            catch (TarnException e)
            {
                Assert.True(e.Kind is ErrorKind.DataCorrupted or ErrorKind.Unsupported, e.Message);
                Assert.StartsWith("s3://lake/bad.json", e.Message, StringComparison.Ordinal);
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Soak.Rounds(3_000, 500_000)));
    }
}
