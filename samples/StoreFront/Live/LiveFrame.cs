namespace StoreFront.Live;

/// <summary>What the page is told at one instant.</summary>
internal sealed record LiveFrame(DateTimeOffset At, LiveKnobs Knobs, IReadOnlyList<LiveFigures> Lanes);
