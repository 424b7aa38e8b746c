using System.Text;
using Tarn.Terminal.Keys;

namespace Tarn.Tests.Terminal;

public sealed class KeyDecoderTests
{
    private static List<Key> Decode(string typed)
    {
        var bytes = new Queue<byte>(Encoding.UTF8.GetBytes(typed));
        var decoder = new KeyDecoder(() => bytes.TryDequeue(out byte b) ? b : -1, () => bytes.Count > 0);
        var keys = new List<Key>();
        while (bytes.Count > 0)
            keys.Add(decoder.Read());
        return keys;
    }

    [Theory]
    [InlineData("\e[A", nameof(KeyKind.Up))]
    [InlineData("\eOA", nameof(KeyKind.Up))]
    [InlineData("\e[1;5C", nameof(KeyKind.WordRight))]
    [InlineData("\eb", nameof(KeyKind.WordLeft))]
    [InlineData("\e[3~", nameof(KeyKind.Delete))]
    [InlineData("\e[H", nameof(KeyKind.Home))]
    [InlineData("\e[4~", nameof(KeyKind.End))]
    [InlineData("\r", nameof(KeyKind.Enter))]
    [InlineData("\e\r", nameof(KeyKind.NewLine))]
    [InlineData("\x7f", nameof(KeyKind.Backspace))]
    [InlineData("\x03", nameof(KeyKind.Interrupt))]
    [InlineData("\x04", nameof(KeyKind.EndOfInput))]
    [InlineData("\x12", nameof(KeyKind.SearchBack))]
    [InlineData("\e", nameof(KeyKind.Escape))]
    public void Read_Sequence_IsOneKey(string typed, string kind) => Assert.Equal([new Key(Enum.Parse<KeyKind>(kind))], Decode(typed));

    [Fact]
    public void Read_TextBeyondAscii_IsWhole() => Assert.Equal(
        [new Key(KeyKind.Text, "é"), new Key(KeyKind.Text, "漢"), new Key(KeyKind.Text, "😀")],
        Decode("é漢😀"));

    [Fact]
    public void Read_BracketedPaste_IsOneKeyWithoutControlCharacters() =>
        Assert.Equal([new Key(KeyKind.Paste, "SELECT 1\n;"), new Key(KeyKind.Enter)], Decode("\e[200~SELECT 1\r\n\a;\e[201~\r"));
}
