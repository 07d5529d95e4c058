using Microsoft.Extensions.AI;
using Minions.Core.Generation;
using Quickstart.Reporting;

namespace Quickstart.Chat;

/// <summary>Asks the model, shows what it answers and keeps the turns that ended well.</summary>
/// <param name="client">The model.</param>
/// <param name="contextLength">The most tokens that prompt and answer can have together.</param>
/// <param name="conversation">The turns so far.</param>
/// <param name="settings">How answers are made.</param>
/// <param name="view">Where they are shown.</param>
/// <param name="interruption">Stops them.</param>
internal sealed class ChatSession(IChatClient client, int contextLength, Conversation conversation, ChatSettings settings, ChatView view, Interruption interruption)
{
    /// <summary>Answers a question. What goes wrong with it is shown, and the conversation stays as it was.</summary>
    /// <param name="question">The question.</param>
    /// <param name="again">Whether it is the conversation's last one, whose answer the new one replaces.</param>
    /// <exception cref="OperationCanceledException">The run has to end.</exception>
    public async Task AskAsync(string question, bool again)
    {
        CancellationToken stop = interruption.BeginAnswer();
        view.BeginAnswer();
        try
        {
            IReadOnlyList<ChatMessage> asked = conversation.Asking(question, again);
            ChatResponse answer = await StreamAsync(asked, stop);
            conversation.Keep(asked, answer, again);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            view.EndAnswer();
            interruption.Run.ThrowIfCancellationRequested();
            Drop("Stopped.");
        }
        catch (Exception fault)
        {
            // Whatever it was, the turns before are still there to go on from.
            view.Error(FaultText.Of(fault));
            Drop(fault is ArgumentException { ParamName: "promptIds" } && conversation.Turns > 0 ? TurnSummary.MakeRoom : null);
        }
        finally
        {
            interruption.EndAnswer();
        }

        void Drop(string? hint)
        {
            conversation.Drop(question, again);
            view.Note($"{(hint is null ? "" : hint + " ")}The conversation is as it was before this question. /retry asks it again.");
        }
    }

    private async Task<ChatResponse> StreamAsync(IReadOnlyList<ChatMessage> asked, CancellationToken stop)
    {
        ChatOptions options = settings.ToOptions();
        var updates = new List<ChatResponseUpdate>();
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync(asked, options, stop))
        {
            updates.Add(update);
            view.Update(update);
        }

        view.EndAnswer();
        ChatResponse answer = updates.ToChatResponse();
        if (answer.Usage is { } usage && updates[^1].RawRepresentation is GenerationResult result)
        {
            view.Note(TurnSummary.Costs(usage, result));
            if (TurnSummary.CutOff(answer.FinishReason, usage, settings.MaxTokens, contextLength) is { } cutOff)
                view.Note(cutOff);
        }

        return answer;
    }
}
