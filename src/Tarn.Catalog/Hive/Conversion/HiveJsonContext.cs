using System.Text.Json.Serialization;
using Tarn.Catalog.Hive.Protocol;

namespace Tarn.Catalog.Hive.Conversion;

/// <summary>Lists inside of flat properties: <c>[{"name":"id","type":"bigint"}]</c>.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(IReadOnlyList<FieldSchema>))]
internal sealed partial class HiveJsonContext : JsonSerializerContext;
