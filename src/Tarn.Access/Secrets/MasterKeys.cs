using System.Text.Json;
using System.Text.Json.Serialization;
using Tarn.Core.Errors;
using Tarn.Core.Text;

namespace Tarn.Access.Secrets;

/// <summary>The master keys of an installation: the current one, and during a rotation the one before.</summary>
/// <param name="Current">Id of the key that seals.</param>
/// <param name="Keys">All keys that open.</param>
internal sealed record MasterKeys(string Current, IReadOnlyList<MasterKey> Keys)
{
    public const int Version = 1;

    /// <summary>Format of the file.</summary>
    public int FormatVersion { get; init; } = Version;

    public MasterKey? Find(string id) => Keys.FirstOrDefault(k => k.Id == id);

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this, MasterKeysJson.Default.MasterKeys);

    /// <exception cref="TarnException">DataCorrupted for anything else, Unsupported for a newer version.</exception>
    public static MasterKeys Read(byte[] content, string path)
    {
        try
        {
            var keys = JsonSerializer.Deserialize(content, MasterKeysJson.Default.MasterKeys) ?? throw new JsonException("It is null.");
            if (keys.FormatVersion > Version)
                throw TarnException.Unsupported($"'{path}' has format version {keys.FormatVersion}, and this program knows {Version}: use the newer Tarn that wrote it.");
            bool isWhole = keys is { Current: not null, Keys: not null } && keys.Find(keys.Current) is not null && keys.Keys.All(k => k.Bytes is { Length: MasterKey.SizeBytes });
            return isWhole ? keys : throw new JsonException("The current key is not in it.");
        }
        catch (JsonException error)
        {
            throw TarnException.Corrupted($"'{path}' is damaged: {JsonDefect.Explain(content, error)}. Restore it from a backup; without it the stored secrets cannot be read.", error);
        }
    }
}

/// <summary>A master key.</summary>
/// <param name="Id">Eight hexadecimal digits that every sealed text names.</param>
/// <param name="Bytes">The key.</param>
/// <param name="Created">When it was made, UTC.</param>
internal sealed record MasterKey(string Id, byte[] Bytes, DateTimeOffset Created)
{
    /// <summary>AES-256.</summary>
    public const int SizeBytes = 32;

    /// <summary>Without the key, so that it cannot slip into a log.</summary>
    public override string ToString() => $"master key {Id}";
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.KebabCaseLower, WriteIndented = true)]
[JsonSerializable(typeof(MasterKeys))]
internal sealed partial class MasterKeysJson : JsonSerializerContext;
