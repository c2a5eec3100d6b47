namespace RetryHandler.RateLimiting;

/// <summary>A first-in, first-out queue whose members can leave from anywhere in O(1). The caller holds the lock.</summary>
internal struct SendWaiterQueue
{
    private SendWaiter? _tail;

    public SendWaiter? Head { get; private set; }

    public int Count { get; private set; }

    public void Enqueue(SendWaiter waiter)
    {
        waiter.IsQueued = true;
        waiter.Previous = _tail;
        if (_tail is null)
        {
            Head = waiter;
        }
        else
        {
            _tail.Next = waiter;
        }

        _tail = waiter;
        Count++;
    }

    public void Remove(SendWaiter waiter)
    {
        if (waiter.Previous is null)
        {
            Head = waiter.Next;
        }
        else
        {
            waiter.Previous.Next = waiter.Next;
        }

        if (waiter.Next is null)
        {
            _tail = waiter.Previous;
        }
        else
        {
            waiter.Next.Previous = waiter.Previous;
        }

        waiter.Previous = waiter.Next = null;
        waiter.IsQueued = false;
        Count--;
    }
}
