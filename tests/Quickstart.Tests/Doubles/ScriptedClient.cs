using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Minions.Core.Generation;

namespace Quickstart.Tests.Doubles;

/// <summary>A client that says what a test has written for it, one answer a request, and remembers what it was asked.</summary>
internal sealed class ScriptedClient : IChatClient
{
    private readonly Queue<ScriptedStep[]> _answers = new();

    /// <summary>What was asked: the role and text of each message.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>With what options.</summary>
    public List<ChatOptions> Options { get; } = [];

    public ScriptedClient Says(params ScriptedStep[] answer)
    {
        _answers.Enqueue(answer);
        return this;
    }

    public ScriptedClient Says(string text, params string[] drafts) => Says(new ScriptedStep(new TextContent(text), drafts));

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Requests.Add(string.Join(" | ", messages.Select(message => $"{message.Role}: {message.Text}")));
        Options.Add(options!);
        int index = 0;
        foreach (ScriptedStep step in _answers.Dequeue())
        {
            step.Before?.Invoke();
            cancellationToken.ThrowIfCancellationRequested();
            string text = step.Content is TextReasoningContent thought ? thought.Text : ((TextContent)step.Content).Text;
            yield return new ChatResponseUpdate(ChatRole.Assistant, [step.Content])
            {
                MessageId = "message",
                RawRepresentation = new[] { new GeneratedToken { Id = 0, Index = index++, Text = text, ProposedBy = step.Drafts } },
            };
        }

        await Task.CompletedTask;
        yield return new ChatResponseUpdate(ChatRole.Assistant, []) { MessageId = "message", FinishReason = ChatFinishReason.Stop };
    }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public object? GetService(Type serviceType, object? serviceKey = null) => null;

    public void Dispose()
    {
    }
}

/// <summary>A token of a scripted answer.</summary>
/// <param name="Content">What it says.</param>
/// <param name="Drafts">Who guessed it.</param>
internal sealed record ScriptedStep(AIContent Content, params string[] Drafts)
{
    /// <summary>Happens before the token comes.</summary>
    public Action? Before { get; init; }

    public static implicit operator ScriptedStep(string text) => new(new TextContent(text));
}
