using System.Text;

namespace Quickstart.Chat;

/// <summary>Reads what is typed, or piped in. A line that ends with a backslash goes on in the next one.</summary>
/// <param name="reader">Where lines come from.</param>
/// <param name="isTyped">Whether a person sees what is typed as it is; else it is written to the output.</param>
/// <param name="view">Invites to type.</param>
internal sealed class LineSource(TextReader reader, bool isTyped, ChatView view)
{
    /// <returns>The text, or <see langword="null"/> at the end of the input.</returns>
    /// <exception cref="OperationCanceledException">The token was signalled.</exception>
    public async Task<string?> ReadAsync(CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        view.Ask();
        while (true)
        {
            // A terminal's reader cannot be cancelled, so the line that nobody waits for any more is left to the end of the process.
            string? line = null;
            try
            {
                line = await Task.Run(reader.ReadLine, CancellationToken.None).WaitAsync(cancellationToken);
            }
            finally
            {
                // Whatever is said next does not stand behind the invitation.
                if (line is null)
                    view.EndOfInput();
            }

            if (line is null)
                return text.Length > 0 ? text.ToString() : null;

            if (!isTyped)
                view.Echo(line);
            if (!line.EndsWith('\\'))
                return text.Append(line).ToString();

            text.Append(line, 0, line.Length - 1).Append('\n');
            view.AskForMore();
        }
    }
}
