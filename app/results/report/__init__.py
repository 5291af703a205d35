"""The quarterly report for the Police and Crime Panel and the public: a page and a tagged PDF of the same contents."""
