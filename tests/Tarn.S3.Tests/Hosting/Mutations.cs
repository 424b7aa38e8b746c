namespace Tarn.S3.Tests.Hosting;

/// <summary>Small random changes of bytes.</summary>
internal static class Mutations
{
    private const int Most = 4;

    /// <summary>A changed copy: bytes replaced, removed, repeated or inserted in up to <see cref="Most"/> places.</summary>
    public static byte[] Apply(ReadOnlySpan<byte> source, Random random)
    {
        List<byte> bytes = [.. source];
        for (int changes = random.Next(1, Most + 1); changes > 0 && bytes.Count > 0; changes--)
        {
            int at = random.Next(bytes.Count), length = random.Next(1, Math.Min(16, bytes.Count - at) + 1);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(32, 127);
                    break;
                case 2:
                    bytes.RemoveRange(at, length);
                    break;
                case 3:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
                default:
                    bytes.Insert(at, (byte)random.Next(32, 127));
                    break;
            }
        }

        return [.. bytes];
    }
}
