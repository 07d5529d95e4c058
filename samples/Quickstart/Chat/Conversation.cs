using Microsoft.Extensions.AI;

namespace Quickstart.Chat;

/// <summary>The turns so far. A turn is kept whole, question and answer, or not at all.</summary>
internal sealed class Conversation
{
    private readonly List<(string Question, IReadOnlyList<ChatMessage> Messages)> _turns = [];

    // The last question, where its turn failed or was stopped.
    private string? _unanswered;

    public int Turns => _turns.Count;

    /// <summary>The question that <see cref="Asking"/> would repeat; <see langword="null"/> where there is none.</summary>
    public string? LastQuestion => _unanswered ?? (_turns.Count > 0 ? _turns[^1].Question : null);

    /// <summary>The messages of a request.</summary>
    /// <param name="question">What is asked.</param>
    /// <param name="again">Whether it is <see cref="LastQuestion"/>, whose answer so far the request does not see.</param>
    public IReadOnlyList<ChatMessage> Asking(string question, bool again) =>
        [.. _turns.Take(_turns.Count - Replaced(again)).SelectMany(turn => turn.Messages), new ChatMessage(ChatRole.User, question)];

    /// <summary>Keeps a turn; where a question was asked again, in place of the one before.</summary>
    /// <param name="asked">The messages of the request.</param>
    /// <param name="answer">What came.</param>
    /// <param name="again">As in <see cref="Asking"/>.</param>
    public void Keep(IReadOnlyList<ChatMessage> asked, ChatResponse answer, bool again)
    {
        int replaced = Replaced(again);
        _turns.RemoveRange(_turns.Count - replaced, replaced);
        _turns.Add((asked[^1].Text, [asked[^1], .. answer.Messages]));
        _unanswered = null;
    }

    /// <summary>A turn failed or was stopped. Nothing of it is kept but the question, to be repeated.</summary>
    public void Drop(string question, bool again)
    {
        if (Replaced(again) == 0)
            _unanswered = question;
    }

    /// <summary>Forgets the last turn.</summary>
    /// <returns>Whether there was one.</returns>
    public bool Undo()
    {
        _unanswered = null;
        if (_turns.Count == 0)
            return false;

        _turns.RemoveAt(_turns.Count - 1);
        return true;
    }

    public void Clear()
    {
        _turns.Clear();
        _unanswered = null;
    }

    private int Replaced(bool again) => again && _unanswered is null ? 1 : 0;
}
