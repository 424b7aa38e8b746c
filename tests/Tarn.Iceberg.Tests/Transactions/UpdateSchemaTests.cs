using Tarn.Core.Errors;
using Tarn.Core.Values;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;
using Tarn.Iceberg.Tests.Serialization.Json;
using Tarn.Iceberg.Transactions;

namespace Tarn.Iceberg.Tests.Transactions;

public sealed class UpdateSchemaTests
{
    [Fact]
    public void Apply_ManyOperations_GivesNewSchemaWithStableIds()
    {
        var table = Filled(TestTable.New());
        var changed = Apply(table, new UpdateSchema()
            .AddColumn(null, "price", new DecimalType(9, 2), "net")
            .AddColumn("place", "z", SimpleType.Double)
            .AddColumn("attributes", "w", SimpleType.Boolean)
            .RenameColumn("name", "title")
            .DropColumn("tags")
            .ChangeType("place.x", SimpleType.Long)
            .ChangeType("place.y", SimpleType.Double)
            .ChangeType("price", new DecimalType(18, 2))
            .MakeOptional("place.x")
            .SetDoc("id", "key")
            .MoveFirst("price")
            .MoveAfter("id", "title")
            .MoveBefore("place.z", "place.x"));
        Assert.Equal(
            "table {\n  13: price: optional decimal(18, 2) (net)\n  2: title: optional string\n  1: id: required long (key)\n  3: at: optional timestamptz\n"
            + "  4: place: optional struct<14: z: optional double, 7: x: optional long, 8: y: optional double>\n"
            + "  6: attributes: optional map<string, struct<12: v: optional int, 15: w: optional boolean>>\n}",
            FactText.Schema(changed.CurrentSchema));
        Assert.Equal((1, 15, 2), (changed.CurrentSchemaId, changed.LastColumnId, changed.Schemas.Count));
    }

    [Fact]
    public void Apply_DropAndAddSameName_GivesNewId()
    {
        var changed = Apply(Filled(TestTable.New()), new UpdateSchema().DropColumn("name").AddColumn(null, "name", SimpleType.Int));
        Assert.Equal(13, changed.CurrentSchema.FindField("name")!.Id);
    }

    [Fact]
    public void Apply_NestedTypeAdded_AssignsIdsParentFirst()
    {
        var type = new StructType([new NestedField(1, "a", false, ListType.Of(1, SimpleType.Int)), new NestedField(1, "b", false, SimpleType.Int)]);
        var changed = Apply(TestTable.New(), new UpdateSchema().AddColumn(null, "s", type));
        Assert.Equal("13: s: optional struct<14: a: optional list<int>, 15: b: optional int>", changed.CurrentSchema.FindField("s")!.ToString());
        Assert.Equal(16, changed.CurrentSchema.FindField("s.a.element")!.Id);
    }

    [Fact]
    public void Apply_Defaults_InitialStaysAndWriteChanges()
    {
        var table = Filled(TestTable.New(formatVersion: 3));
        table = Apply(table, new UpdateSchema().AddColumn(null, "n", SimpleType.Int, required: true, defaultValue: 5));
        table = Apply(table, new UpdateSchema().SetDefault("n", 7).ChangeType("n", SimpleType.Long));
        var field = table.CurrentSchema.FindField("n")!;
        Assert.Equal((5L, 7L, true), ((long)field.InitialDefault!, (long)field.WriteDefault!, field.Required));
    }

    [Fact]
    public void Apply_NothingChanged_GivesNoUpdates()
    {
        var table = TestTable.New();
        Assert.Empty(new UpdateSchema().RenameColumn("name", "name").MakeOptional("name").ChangeType("id", SimpleType.Long).Apply(table));
        Assert.Empty(new UpdateSchema().UnionByName(table.CurrentSchema).Apply(table));
    }

    [Fact]
    public void Apply_IdentifierFields_AreSetAndGuarded()
    {
        var table = Apply(Filled(TestTable.New()), new UpdateSchema().SetIdentifierFields("id"));
        Assert.Equal([1], table.CurrentSchema.IdentifierFieldIds);
        Refused(table, new UpdateSchema().DropColumn("id"), "identifier field");
        Refused(table, new UpdateSchema().MakeOptional("id"), "identifier field");
        Refused(table, new UpdateSchema().SetIdentifierFields("name"), "it is optional");
        Refused(table, new UpdateSchema().SetIdentifierFields("place.x"), "optional struct");
        Refused(table, new UpdateSchema().SetIdentifierFields("attributes.key"), "nested in structs only");
        Assert.Empty(Apply(table, new UpdateSchema().SetIdentifierFields()).CurrentSchema.IdentifierFieldIds);
    }

    [Fact]
    public void Apply_UnionByName_AddsWidensAndKeeps()
    {
        var table = Filled(TestTable.New());
        var other = new Schema(
            0,
            [
                new NestedField(1, "name", false, SimpleType.String, "the name"),
                new NestedField(2, "id", true, SimpleType.Int),
                new NestedField(3, "place", false, new StructType([new NestedField(4, "x", true, SimpleType.Long), new NestedField(5, "new", true, SimpleType.Int)])),
                new NestedField(6, "attributes", false, MapType.Of(7, SimpleType.String, 8, new StructType([new NestedField(9, "q", true, SimpleType.Int)]))),
                new NestedField(10, "extra", true, ListType.Of(11, SimpleType.Int, required: true)),
            ]);
        var changed = Apply(table, new UpdateSchema().UnionByName(other));
        Assert.Equal(
            "table {\n  1: id: required long\n  2: name: optional string (the name)\n  3: at: optional timestamptz\n"
            + "  4: place: optional struct<7: x: required long, 8: y: optional float, 13: new: optional int>\n  5: tags: optional list<string>\n"
            + "  6: attributes: optional map<string, struct<12: v: optional int, 14: q: optional int>>\n  15: extra: optional list<int>\n}",
            FactText.Schema(changed.CurrentSchema));
        Assert.False(changed.CurrentSchema.FindField("extra.element")!.Required);
        Refused(table, new UpdateSchema().UnionByName(new Schema(0, [new NestedField(1, "place", false, SimpleType.Int)])), "cannot change from struct");
    }

    [Fact]
    public void Apply_NameMapping_LearnsNewNames()
    {
        string mapping = """[{"field-id":1,"names":["id","key"]},{"field-id":2,"names":["name"]},{"field-id":4,"names":["place"],"fields":[{"field-id":7,"names":["x"]}]}]""";
        var table = Filled(TestTable.New(properties: new() { [NameMapping.PropertyName] = mapping }));
        table = Apply(table, new UpdateSchema().RenameColumn("name", "title").AddColumn(null, "key", SimpleType.Int).AddColumn("place", "z", SimpleType.Int));
        Assert.Equal(
            """[{"field-id":1,"names":["id"]},{"field-id":2,"names":["name","title"]},{"field-id":4,"names":["place"],"fields":[{"field-id":7,"names":["x"]},{"field-id":14,"names":["z"]}]},{"field-id":13,"names":["key"]}]""",
            table.Properties[NameMapping.PropertyName]);
        Assert.Equal(4, NameMappingJson.Read(table.Properties[NameMapping.PropertyName], "p").Fields.Count);
    }

    [Fact]
    public void IsAllowed_EveryPairOfTypes_FollowsTheTable()
    {
        IcebergType[] types =
        [
            SimpleType.Int, SimpleType.Long, SimpleType.Float, SimpleType.Double, SimpleType.Date, SimpleType.Timestamp, SimpleType.TimestampTz, SimpleType.TimestampNs,
            SimpleType.TimestampTzNs, SimpleType.Time, SimpleType.String, SimpleType.Uuid, SimpleType.Binary, SimpleType.Boolean, new DecimalType(9, 2), new DecimalType(18, 2),
            new DecimalType(18, 3), new FixedType(4), SimpleType.Unknown,
        ];
        HashSet<string> always = ["int > long", "float > double", "decimal(9, 2) > decimal(18, 2)"];
        HashSet<string> version3 = [.. always, "date > timestamp", "date > timestamp_ns"];
        foreach (int version in (int[])[1, 2, 3])
        {
            foreach (var (from, to) in types.SelectMany(f => types.Where(t => !t.Equals(f)).Select(t => (f, t))))
            {
                bool legal = version < 3 ? always.Contains($"{from} > {to}") : version3.Contains($"{from} > {to}") || from.Id == TypeId.Unknown;
                Assert.True(TypePromotion.IsAllowed(from, to, version) == legal, $"v{version}: {from} to {to} must be {(legal ? "allowed" : "refused")}");
            }
        }
    }

    [Fact]
    public void Promote_Values_KeepTheirMeaning()
    {
        Assert.Equal(5L, TypePromotion.Promote(5, SimpleType.Long));
        Assert.Equal((double)1.5f, TypePromotion.Promote(1.5f, SimpleType.Double));
        Assert.Equal(-86_400_000_000L, TypePromotion.Promote(-1, SimpleType.Timestamp));
        Assert.Equal(86_400_000_000_000L, TypePromotion.Promote(1, SimpleType.TimestampNs));
        Assert.Equal(new Decimal38(5, 2), TypePromotion.Promote(new Decimal38(5, 2), new DecimalType(20, 2)));
        Assert.Throws<OverflowException>(() => TypePromotion.Promote(int.MaxValue, SimpleType.TimestampNs));
    }

    [Fact]
    public void Apply_DatePromotedUnderPartition_DependsOnTheTransform()
    {
        var schema = new Schema(0, [new NestedField(1, "d", false, SimpleType.Date)]);
        var byDay = Filled(TestTable.New(formatVersion: 3, schema: schema, spec: new PartitionSpec(0, [new PartitionField(1, 1000, "d_day", Transform.Day)])));
        Assert.Equal("timestamp", Apply(byDay, new UpdateSchema().ChangeType("d", SimpleType.Timestamp)).CurrentSchema.FindField("d")!.Type.ToString());
        var byBucket = Filled(TestTable.New(formatVersion: 3, schema: schema, spec: new PartitionSpec(0, [new PartitionField(1, 1000, "d_bucket", Transform.Bucket(4))])));
        Refused(byBucket, new UpdateSchema().ChangeType("d", SimpleType.Timestamp), "d_bucket");
    }

    public static TheoryData<UpdateSchema, string> Refusals() => new()
    {
        { new UpdateSchema().AddColumn(null, "id", SimpleType.Int), "there is one of this name" },
        { new UpdateSchema().AddColumn("name", "x", SimpleType.Int), "not a struct" },
        { new UpdateSchema().AddColumn("none", "x", SimpleType.Int), "no such column" },
        { new UpdateSchema().AddColumn(null, "r", SimpleType.Int, required: true), "without a default" },
        { new UpdateSchema().AddColumn(null, "r", SimpleType.Int, defaultValue: 1), "format version 3" },
        { new UpdateSchema().AddColumn(null, "v", SimpleType.Variant), "format version 3" },
        { new UpdateSchema().AddColumn(null, "", SimpleType.Int), "must have a name" },
        { new UpdateSchema().DropColumn("none"), "no such column" },
        { new UpdateSchema().DropColumn("tags.element"), "a list keeps its element" },
        { new UpdateSchema().DropColumn("attributes.key"), "map keys cannot be changed" },
        { new UpdateSchema().DropColumn("attributes.value"), "a map its value" },
        { new UpdateSchema().RenameColumn("id", "name"), "there is one of this name" },
        { new UpdateSchema().RenameColumn("tags.element", "x"), "fixed names" },
        { new UpdateSchema().ChangeType("id", SimpleType.Int), "cannot change from long to int" },
        { new UpdateSchema().ChangeType("attributes.key", SimpleType.Binary), "map keys cannot be changed" },
        { new UpdateSchema().RequireColumn("name"), "existing rows may hold null" },
        { new UpdateSchema().SetDefault("name", "x"), "format version 3" },
        { new UpdateSchema().MoveAfter("id", "place.x"), "not in the same struct" },
        { new UpdateSchema().MoveBefore("id", "id"), "next to itself" },
        { new UpdateSchema().MoveFirst("tags.element"), "only fields of structs" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void Apply_IllegalChange_NamesColumnAndRule(UpdateSchema update, string rule) => Refused(Filled(TestTable.New()), update, rule);

    [Fact]
    public void Apply_RequiredColumnOfEmptyTable_IsAllowed()
    {
        var table = Apply(TestTable.New(), new UpdateSchema().AddColumn(null, "r", SimpleType.Int, required: true).RequireColumn("name"));
        Assert.True(table.CurrentSchema.FindField("r")!.Required && table.CurrentSchema.FindField("name")!.Required);
        Assert.True(Apply(Filled(TestTable.New()), new UpdateSchema(allowIncompatible: true).RequireColumn("name")).CurrentSchema.FindField("name")!.Required);
    }

    private static TableMetadata Filled(TableMetadata table) => TableMetadataBuilderTests.Append(table, 101);

    private static TableMetadata Apply(TableMetadata table, MetadataUpdate update) => TableMetadataBuilder.Apply(table, update.Apply(table), TestTable.Now.AddDays(1));

    private static void Refused(TableMetadata table, UpdateSchema update, string rule)
    {
        var error = Assert.Throws<TarnException>(() => Apply(table, update));
        Assert.Equal(rule switch { "there is one of this name" => ErrorKind.AlreadyExists, "no such column" => ErrorKind.NotFound, _ => ErrorKind.InvalidRequest }, error.Kind);
        Assert.Contains(rule, error.Message, StringComparison.Ordinal);
    }
}
