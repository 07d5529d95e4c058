using Microsoft.Extensions.AI;

namespace NativeAot;

/// <summary>Asks a question and writes the answer while it comes, with the calls of tools on lines of their own.</summary>
internal sealed class Conversation(IChatClient client, IList<AITool> tools, TextWriter output)
{
    private readonly List<string> _called = [];
    private readonly UsageDetails _usage = new();
    private bool _inLine;

    public async Task AskAsync(string question, CancellationToken cancellationToken)
    {
        var options = new ChatOptions { Tools = tools, MaxOutputTokens = 96 };
        ChatMessage[] messages = [.. ExampleTurns.All, new(ChatRole.User, question)];
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync(messages, options, cancellationToken))
        {
            foreach (AIContent content in update.Contents)
                Write(content);
        }

        Line($"Tools called: {(_called.Count == 0 ? "none" : string.Join(", ", _called))}. Tokens: {_usage.InputTokenCount} in, {_usage.OutputTokenCount} out.");
    }

    private void Write(AIContent content)
    {
        switch (content)
        {
            case TextContent text:
                output.Write(text.Text);
                output.Flush();
                _inLine = text.Text.Length == 0 ? _inLine : !text.Text.EndsWith('\n');
                break;
            case FunctionCallContent call:
                _called.Add(call.Name);
                Line($"-> {call.Name}({string.Join(", ", (call.Arguments ?? new Dictionary<string, object?>()).Select(argument => $"{argument.Key}: {argument.Value}"))})");
                break;
            case FunctionResultContent result:
                Line($"<- {result.Result}");
                break;
            case UsageContent usage:
                _usage.Add(usage.Details);
                break;
        }
    }

    private void Line(string text)
    {
        output.WriteLine(_inLine ? $"\n{text}" : text);
        _inLine = false;
    }
}
