namespace Minions.Core.Tests.Speculation;

/// <summary>What one draft would choose at each place of a text, after the true ids before it.</summary>
/// <param name="IsRight">Whether that is the id of the text.</param>
/// <param name="Probabilities">The probability it gives to its choice; not a number where it has none.</param>
/// <param name="Mind">Drafts of one mind that are wrong at the same place choose the same wrong id there.</param>
internal sealed record VirtualGuesses(bool[] IsRight, float[] Probabilities, int Mind)
{
    private const int Minds = 64;

    // Behind the places of any text.
    private const int FirstWrong = 1_000_000;

    /// <summary>What the draft chooses at a place where it is wrong. The true id is the number of the place.</summary>
    public int WrongAt(int place) => FirstWrong + place * Minds + Mind % Minds;

    public VirtualGuesses First(int length) => new(IsRight[..length], Probabilities[..length], Mind);

    public VirtualGuesses Then(VirtualGuesses next) => new([.. IsRight, .. next.IsRight], [.. Probabilities, .. next.Probabilities], Mind);
}
