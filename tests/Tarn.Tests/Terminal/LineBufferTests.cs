using Tarn.Terminal.Editing;

namespace Tarn.Tests.Terminal;

public sealed class LineBufferTests
{
    private static LineBuffer Typed(string text)
    {
        var buffer = new LineBuffer();
        buffer.Insert(text);
        return buffer;
    }

    [Fact]
    public void Backspace_CombinedCharacter_RemovesIt()
    {
        var buffer = Typed("ae\u0301");
        buffer.Backspace();
        Assert.Equal("a", buffer.Text);
    }

    [Fact]
    public void KillWord_ThenYank_GivesItBack()
    {
        var buffer = Typed("select order_id");
        buffer.KillWord();
        Assert.Equal("select ", buffer.Text);
        buffer.Yank();
        Assert.Equal("select order_id", buffer.Text);
    }

    [Fact]
    public void KillToStartAndEnd_InSecondLine_StayInIt()
    {
        var buffer = Typed("one\ntwo three\nfour");
        buffer.Up();
        buffer.Home();
        buffer.WordRight();
        buffer.KillToStart();
        Assert.Equal("one\n three\nfour", buffer.Text);
        buffer.KillToEnd();
        Assert.Equal("one\n\nfour", buffer.Text);
        buffer.KillToEnd();
        Assert.Equal("one\nfour", buffer.Text);
    }

    [Fact]
    public void UpAndDown_BetweenLines_KeepTheColumn()
    {
        var buffer = Typed("abcdef\nab\nabcd");
        Assert.True(buffer.Up());
        Assert.Equal("abcdef\nab".Length, buffer.Cursor);
        Assert.True(buffer.Up());
        Assert.Equal(2, buffer.Cursor);
        Assert.False(buffer.Up());
        Assert.True(buffer.Down());
        Assert.True(buffer.Down());
        Assert.False(buffer.Down());
    }

    [Fact]
    public void LeftAndRight_OverLineEnds_MoveByOne()
    {
        var buffer = Typed("a\nb");
        buffer.Left();
        Assert.Equal(2, buffer.Cursor);
        buffer.Left();
        Assert.Equal(1, buffer.Cursor);
        buffer.Left();
        buffer.Left();
        Assert.Equal(0, buffer.Cursor);
        buffer.Right();
        Assert.Equal(1, buffer.Cursor);
    }
}
