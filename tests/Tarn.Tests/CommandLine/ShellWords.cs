using System.Text;

namespace Tarn.Tests.CommandLine;

/// <summary>Splits a line into words as a Unix shell does, as far as the examples need it.</summary>
internal static class ShellWords
{
    public static List<string> Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        bool any = false;
        char quote = '\0';
        foreach (char c in line)
        {
            if (quote != '\0' ? c == quote : c is '"' or '\'')
                (quote, any) = (quote == '\0' ? c : '\0', true);
            else if (c == ' ' && quote == '\0')
            {
                if (any)
                    words.Add(word.ToString());
                (any, word) = (false, new StringBuilder());
            }
            else
                (any, word) = (true, word.Append(c));
        }

        if (any)
            words.Add(word.ToString());
        return words;
    }
}
