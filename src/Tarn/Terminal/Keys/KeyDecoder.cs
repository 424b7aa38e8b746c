using System.Text;

namespace Tarn.Terminal.Keys;

/// <summary>
/// Turns the bytes of a Unix terminal into keys: UTF-8, control characters in their Emacs meaning, and the escape sequences of
/// ECMA-48 and xterm (<see href="https://invisible-island.net/xterm/ctlseqs/ctlseqs.html">list</see>), bracketed paste included.
/// </summary>
/// <param name="next">The next byte, or -1 when the terminal is gone; waits.</param>
/// <param name="isPending">Whether another byte comes at once: tells the Escape key from an escape sequence.</param>
internal sealed class KeyDecoder(Func<int> next, Func<bool> isPending)
{
    private const string PasteEnd = "\e[201~";

    /// <summary>The next key.</summary>
    public Key Read()
    {
        int first = next();
        return first switch
        {
            -1 => new Key(KeyKind.HangUp),
            0x1b => isPending() ? ReadEscape(next()) : new Key(KeyKind.Escape),
            < 0x20 or 0x7f => new Key(Control(first)),
            _ => new Key(KeyKind.Text, ReadRune(first)),
        };
    }

    private static KeyKind Control(int code) => code switch
    {
        0x01 => KeyKind.Home,
        0x02 => KeyKind.Left,
        0x03 => KeyKind.Interrupt,
        0x04 => KeyKind.EndOfInput,
        0x05 => KeyKind.End,
        0x06 => KeyKind.Right,
        0x08 or 0x7f => KeyKind.Backspace,
        0x09 => KeyKind.Tab,
        0x0a or 0x0d => KeyKind.Enter,
        0x0b => KeyKind.KillToEnd,
        0x0c => KeyKind.ClearScreen,
        0x0e => KeyKind.Down,
        0x10 => KeyKind.Up,
        0x12 => KeyKind.SearchBack,
        0x15 => KeyKind.KillToStart,
        0x17 => KeyKind.KillWord,
        0x19 => KeyKind.Yank,
        _ => KeyKind.Unknown,
    };

    private Key ReadEscape(int second) => second switch
    {
        '[' => ReadSequence(),
        'O' => new Key(Final(next(), "")),
        'b' => new Key(KeyKind.WordLeft),
        'f' => new Key(KeyKind.WordRight),
        'd' => new Key(KeyKind.KillNextWord),
        0x7f or 0x08 => new Key(KeyKind.KillWord),
        0x0a or 0x0d => new Key(KeyKind.NewLine),
        _ => new Key(KeyKind.Unknown),
    };

    private Key ReadSequence()
    {
        var parameters = new StringBuilder();
        int code = next();
        while (code is >= 0x20 and < 0x40)
        {
            parameters.Append((char)code);
            code = next();
        }

        string text = parameters.ToString();
        return code == '~' && text == "200" ? ReadPaste() : new Key(Final(code, text));
    }

    private static KeyKind Final(int code, string parameters)
    {
        // ;3 is Alt, ;5 is Ctrl.
        bool byWord = parameters.EndsWith(";5", StringComparison.Ordinal) || parameters.EndsWith(";3", StringComparison.Ordinal);
        return ((char)code, parameters) switch
        {
            ('A', _) => KeyKind.Up,
            ('B', _) => KeyKind.Down,
            ('C', _) => byWord ? KeyKind.WordRight : KeyKind.Right,
            ('D', _) => byWord ? KeyKind.WordLeft : KeyKind.Left,
            ('H', _) or ('~', "1" or "7") => KeyKind.Home,
            ('F', _) or ('~', "4" or "8") => KeyKind.End,
            ('~', "3") => KeyKind.Delete,
            _ => KeyKind.Unknown,
        };
    }

    private Key ReadPaste()
    {
        var bytes = new List<byte>();
        ReadOnlySpan<byte> end = "\e[201~"u8;
        while (next() is >= 0 and int code)
        {
            bytes.Add((byte)code);
            if (bytes.Count >= PasteEnd.Length && System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes)[^PasteEnd.Length..].SequenceEqual(end))
            {
                bytes.RemoveRange(bytes.Count - PasteEnd.Length, PasteEnd.Length);
                break;
            }
        }

        string text = Encoding.UTF8.GetString([.. bytes]).ReplaceLineEndings("\n");
        return new Key(KeyKind.Paste, string.Concat(text.Where(c => c is '\n' or '\t' || !char.IsControl(c))));
    }

    private string ReadRune(int first)
    {
        int length = first switch { < 0x80 => 1, >= 0xf0 => 4, >= 0xe0 => 3, >= 0xc0 => 2, _ => 1 };
        Span<byte> bytes = stackalloc byte[4];
        bytes[0] = (byte)first;
        for (int i = 1; i < length; i++)
            bytes[i] = (byte)next();
        return Encoding.UTF8.GetString(bytes[..length]);
    }
}
