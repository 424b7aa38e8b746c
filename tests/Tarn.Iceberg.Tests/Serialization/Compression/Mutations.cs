using Tarn.Core.Errors;

namespace Tarn.Iceberg.Tests.Serialization.Compression;

/// <summary>Feeds a reader with damaged forms of valid input: it may succeed or refuse, nothing else.</summary>
internal static class Mutations
{
    internal static void Run(byte[] valid, int rounds, Action<byte[]> read, int seed = 1)
    {
        var random = new Random(seed);
        for (int round = 0; round < rounds; round++)
        {
            var damaged = Damage(valid, random);
            try
            {
                read(damaged);
            }
            catch (TarnException error) when (error.Kind is ErrorKind.DataCorrupted or ErrorKind.Unsupported)
            {
                Assert.NotEmpty(error.Message);
            }
            catch (Exception other) when (other is not OutOfMemoryException)
            {
                Assert.Fail($"Seed {seed}, round {round}: {other.GetType().Name} {other.Message} for {Convert.ToHexString(damaged[..Math.Min(64, damaged.Length)])}…\n{other.StackTrace}");
            }
        }
    }

    private static byte[] Damage(byte[] valid, Random random)
    {
        byte[] bytes = [.. valid];
        int changes = random.Next(1, 5);
        for (int i = 0; i < changes && bytes.Length > 0; i++)
        {
            int at = random.Next(bytes.Length);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    bytes = bytes[..at];
                    break;
                case 3:
                    bytes = [.. bytes[..at], .. bytes[Math.Min(bytes.Length, at + random.Next(8))..]];
                    break;
                default:
                    bytes[at] = random.Next(2) == 0 ? (byte)0xFF : (byte)0;
                    break;
            }
        }

        return bytes;
    }
}
