using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace Tarn.Iceberg.Tests.Serialization.Compression;

/// <summary>Inputs that compressors treat differently, made without randomness from outside.</summary>
internal static class CompressionSamples
{
    internal static byte[] Lines { get; } = MakeLines(4000);

    internal static byte[] Skewed { get; } = MakeSkewed(3000);

    internal static TheoryData<string> Names => ["empty", "one", "run", "noise", "lines", "skewed", "longRun", "blocks"];

    internal static byte[] Get(string name) => name switch
    {
        "empty" => [],
        "one" => [42],
        "run" => [.. Enumerable.Repeat((byte)'x', 1000)],
        "noise" => Noise(70_000),
        "lines" => Lines,
        "skewed" => Skewed,
        "longRun" => new byte[400_000],
        "blocks" => [.. Noise(200_000), .. Lines, .. Noise(200_000), .. Skewed, .. Lines],
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    internal static byte[] Fixture(string path, [CallerFilePath] string source = "")
    {
        string tests = source[..source.LastIndexOf("Tarn.Iceberg.Tests", StringComparison.Ordinal)];
        return File.ReadAllBytes(Path.Combine(tests, "fixtures", path));
    }

    private static byte[] Noise(int length)
    {
        var bytes = new byte[length];
        new Random(7).NextBytes(bytes);
        return bytes;
    }

    private static byte[] MakeLines(int count)
    {
        var text = new StringBuilder();
        for (int i = 0; i < count; i++)
        {
            string active = i % 3 != 0 ? "true" : "false";
            text.Append(CultureInfo.InvariantCulture, $"{{\"id\":{i},\"name\":\"user {i * 7919 % 1000}\",\"amount\":{i * 31 % 977}.{i % 100:D2},\"active\":{active}}}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static byte[] MakeSkewed(int count)
    {
        var bytes = new byte[count];
        uint state = 12345;
        for (int i = 0; i < count; i++)
        {
            state = ((state * 1103515245) + 12345) & 0x7FFFFFFF;
            uint value = state >> 16;
            bytes[i] = (byte)(97 + Math.Min(value & 15, Math.Min((value >> 4) & 15, (value >> 8) & 15)));
        }

        return bytes;
    }
}
