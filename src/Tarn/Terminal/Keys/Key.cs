namespace Tarn.Terminal.Keys;

/// <summary>What a key means to the line editor.</summary>
internal enum KeyKind
{
    Text, Paste, Enter, NewLine, Tab, Escape, Backspace, Delete, Left, Right, Up, Down, Home, End, WordLeft, WordRight,
    KillToEnd, KillToStart, KillWord, KillNextWord, Yank, SearchBack, ClearScreen, Interrupt, EndOfInput, HangUp, Unknown,
}

/// <summary>A key press.</summary>
/// <param name="Kind">Its meaning.</param>
/// <param name="Text">The character of <see cref="KeyKind.Text"/>, all of a <see cref="KeyKind.Paste"/>, else empty.</param>
internal readonly record struct Key(KeyKind Kind, string Text = "");
