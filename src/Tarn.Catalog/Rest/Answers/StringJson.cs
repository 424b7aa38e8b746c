using System.Text.Json.Serialization;

namespace Tarn.Catalog.Rest.Answers;

/// <summary>Texts as JSON.</summary>
[JsonSerializable(typeof(string))]
internal sealed partial class StringJson : JsonSerializerContext;
